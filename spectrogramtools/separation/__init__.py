"""The separation algorithms, one a file: each on the spectrogram, giving masks, and on the waveform, giving sounds."""
