"""tumen: screen parties against sanctions lists, and say why."""
