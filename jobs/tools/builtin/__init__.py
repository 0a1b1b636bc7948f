"""Tools that come with Triptych: calculator, date and time."""
