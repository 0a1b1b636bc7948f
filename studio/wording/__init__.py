"""Every sentence that the user reads: plain words, units on numbers, a next step for every failure."""
