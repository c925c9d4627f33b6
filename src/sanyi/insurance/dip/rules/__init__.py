"""DIP 规则: pure functions; no Django, no clock, no float in any amount or score."""
