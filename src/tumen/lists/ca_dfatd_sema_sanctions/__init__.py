"""Canada's Consolidated Autonomous Sanctions List of Global Affairs Canada."""
