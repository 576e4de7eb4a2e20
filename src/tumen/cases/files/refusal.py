"""The refusal of a file, and marks of programs that no file may carry, whatever it says it is."""

from __future__ import annotations

import io
import re
import zipfile

from tumen.errors import RequestError

# `MZ` alone begins many an honest text; the stub that every program for Windows has does not.
_PROGRAM = b"This program cannot be run in DOS mode"
_STARTS = (b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\x00asm")
# Long enough to be no chance in 25 MiB of a compressed picture.
_MARKUP = re.compile(rb"<script|<iframe|<html[\s>]|<!doctype html|<\?php", re.IGNORECASE)
# What a system runs, or a program opens and then runs, by its ending.
_RUNNING = """
ade adp apk app appx bat bin chm cmd com cpl dll dmg docm dotm exe gadget hta htm html img inf ins
iso jar js jse lnk mht mhtml msc msi msix msp mst one php pif potm ppam ppsm pptm ps1 ps1xml psd1
psm1 py rb reg scf scr sct sh shb shtml sldm svg svgz swf sys url vb vbe vbs vhd vhdx ws wsc wsf
wsh xbap xht xhtml xlam xll xlm xlsb xlsm xltm
"""
RUNNING = frozenset(_RUNNING.split())


class FileRefusedError(RequestError):
    """A file that is not taken; the text says why, and what to do instead."""


def is_program(content: bytes) -> bool:
    """Whether a program is, or hides, in the bytes."""
    return content.startswith(_STARTS) or _PROGRAM in content


def check_alone(content: bytes, kind: str) -> None:
    """Refuse a picture or document that is a web page or an archive at the same time."""
    if _MARKUP.search(content):
        raise FileRefusedError(f"There is a web page or script in this {kind}. Print it to a PDF")
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise FileRefusedError(f"There is an archive in this {kind}. Give its files one by one")
