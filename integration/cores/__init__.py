"""COREs: in stock, set aside, at work and on their way back, with the cameras behind them."""
