"""HTTP/1.1 for one worker: bytes in, `Request` out; `Response` in, bytes out. Knows nothing of scripts."""
