def make(values, **k): return b""
