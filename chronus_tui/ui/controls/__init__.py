"""What can be turned, as pages show it: pure, from the model."""
