"""Tests of DIP."""
