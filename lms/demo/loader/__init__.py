"""Turns the demo texts into a working training network. Everything is drawn from one seed, so that two loads of the
same day agree in all but the paper seeds, which are secret by design."""
