"""How a running job is carried out; today as a child process of this machine."""
