"""The code cells of Chris Tralie's class notes on HPSS, as they stand there.

They are what classes already type, and quoted here for one reason: they have to run unchanged on this module.
"""

CELLS = [
    r"""
%load_ext autoreload
%autoreload 2
import librosa
import librosa.display
import numpy as np
import matplotlib.pyplot as plt
import IPython.display as ipd
from scipy import signal
from spectrogramtools import *
import warnings
warnings.filterwarnings("ignore")

y, sr = librosa.load("violincastanets.mp3", sr=22050)
win_length = 2048
hop_length = 512

S = STFT(y, win_length, hop_length, useLibrosa=False)
SAbs = np.abs(S)

print(S.shape)
plt.gca().invert_yaxis()
librosa.display.specshow(librosa.amplitude_to_db(np.abs(S), ref=np.max), y_axis='log', x_axis='time')
ipd.Audio(y, rate=sr)
""",
    r'''
## Slow Version
"""
SFilt = np.zeros_like(SAbs)
for i in range(S.shape[0]):
    for j in range(S.shape[1]):
        # Take out horizontal slice that starts to the left and ends to the right of [i, j]
        s = SAbs[i, j-w:j+w+1]
        SFilt[i, j] = np.median(s)
"""

# Fast version using scipy's signal library
winh = 20
SH = signal.medfilt(SAbs, [1, 2*winh+1])
winv = 40
SP = signal.medfilt(SAbs, [2*winv+1, 1])
''',
    r"""
plt.figure(figsize=(18, 6))
plt.subplot(131)
librosa.display.specshow(librosa.amplitude_to_db(np.abs(SAbs), ref=np.max), y_axis='log', x_axis='time')
plt.subplot(132)
librosa.display.specshow(librosa.amplitude_to_db(np.abs(SH), ref=np.max), y_axis='log', x_axis='time')
plt.title("Harmonic")
plt.gca().invert_yaxis()
plt.subplot(133)
librosa.display.specshow(librosa.amplitude_to_db(np.abs(SP), ref=np.max), y_axis='log', x_axis='time')
plt.title("Percussive")
plt.gca().invert_yaxis()
""",
    r"""
y_harm = griffinLimInverse(SH, win_length, hop_length)
ipd.Audio(y_harm, rate=sr)
""",
    r"""
y_perc = griffinLimInverse(SP, win_length, hop_length)
ipd.Audio(y_perc, rate=sr)
""",
    r"""
S1 = S*(SH/(SH + SP))
y_filt = iSTFT(S1, win_length, hop_length)
ipd.Audio(y_filt, rate=sr)
""",
    r"""
S2 = S*(SP/(SH + SP))
y_filt = iSTFT(S2, win_length, hop_length)
ipd.Audio(y_filt, rate=sr)
""",
]
