"""Run a pure function over chunks: in process or in a pool of processes, in order."""

from tumen.scale.chunks import in_chunks, run_chunks

__all__ = ["in_chunks", "run_chunks"]
