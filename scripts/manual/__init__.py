"""The parts of scripts/generate-manual."""
