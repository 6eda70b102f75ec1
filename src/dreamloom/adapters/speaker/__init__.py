"""How does a bed's sound get out? Shared bits, a speaker in night time for rehearsal, one in its own process."""

from dreamloom.adapters.speaker.bits_file import BitsFile, MemoryBits
from dreamloom.adapters.speaker.child import ChildSpeaker
from dreamloom.adapters.speaker.deck import Output
from dreamloom.adapters.speaker.virtual import VirtualSpeaker

__all__ = ["BitsFile", "ChildSpeaker", "MemoryBits", "Output", "VirtualSpeaker"]
