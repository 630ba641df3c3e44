"""Schema decorators with the names and conversions of `inference_schema`, for environments that lack the package.

Source: azure-v1 reference, inference-schema; observed with inference-schema 1.8.
"""
