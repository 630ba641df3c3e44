"""The process that changes things: a deployment goes on when the editor, or the server, goes away."""
