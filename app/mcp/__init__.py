"""The MCP server: the tools, records and prompts for coding agents, over HTTP at /mcp and over stdio.

Only `server.py` imports the SDK, on the first request: it takes 28 MB that most installations never need.
"""
