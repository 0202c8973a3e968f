"""Sets of HTTP requests as pure algebra."""
