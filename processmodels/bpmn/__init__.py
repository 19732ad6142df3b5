"""BPMN 2.0: reading files safely, what is in them, how they look and how two of them differ.

Pure: bytes and values in, values out; nothing here knows the database or a request.
"""
