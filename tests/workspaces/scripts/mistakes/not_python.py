{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 2} x  # <- entry-script-syntax:error
