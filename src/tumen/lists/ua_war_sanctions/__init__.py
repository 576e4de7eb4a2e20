"""War and Sanctions, the register of Ukraine's defence intelligence."""
