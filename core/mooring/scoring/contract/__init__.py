"""The v1 scoring contract: from a request to the answer an Azure ML v1 service gave, without any socket."""
