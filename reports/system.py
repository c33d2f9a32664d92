"""What the machine needs before a PDF may be built, asked without loading the typesetter."""

import ctypes

LIBRARIES = {
    "libpango-1.0.so.0": ("libpango-1.0-0", "nothing can be typeset"),
    "libpangoft2-1.0.so.0": ("libpangoft2-1.0-0", "nothing can be typeset"),
    "libharfbuzz-subset.so.0": (
        "libharfbuzz-subset0",
        "a Chinese report would take half a minute and embed whole fonts",
    ),
    "libfontconfig.so.1": ("libfontconfig1", "no font can be found"),
}
FONTS = ("Noto Sans CJK SC", "Noto Sans CJK TC")


def check_system() -> tuple[str, ...]:
    """One sentence for each missing part, with the Debian package that brings it."""
    missing = [
        f"{library} is missing, so {effect}: install {package}."
        for library, (package, effect) in LIBRARIES.items()
        if not _loads(library)
    ]
    if not missing:
        missing = [
            f"The font {font} is missing, so Chinese would be boxes: install fonts-noto-cjk."
            for font in FONTS
            if not _has_font(font)
        ]
    return tuple(missing)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


class _FontSet(ctypes.Structure):
    _fields_ = (
        ("nfont", ctypes.c_int),
        ("sfont", ctypes.c_int),
        ("fonts", ctypes.c_void_p),
    )


def _has_font(family: str) -> bool:
    config = ctypes.CDLL("libfontconfig.so.1")
    config.FcNameParse.restype = ctypes.c_void_p
    config.FcObjectSetBuild.restype = ctypes.c_void_p
    config.FcFontList.restype = ctypes.POINTER(_FontSet)
    config.FcFontList.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
    wanted = config.FcNameParse(family.encode())
    asked = config.FcObjectSetBuild(b"family", None)
    found = config.FcFontList(None, wanted, asked)
    return bool(found) and found.contents.nfont > 0
