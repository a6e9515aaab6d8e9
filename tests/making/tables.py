"""A table of posts as people keep them."""

import csv
import io
from typing import Any

WORDS = "Dicari CS online penempatan Kamboja, gaji 12-18 juta, tanpa pengalaman"
ROWS = [
    ("Judul", "Deskripsi", "Link", "Tanggal", "No WA", "Gaji", "Lokasi", "Perusahaan", "No"),
    *(
        (f"CS {n}", f'{WORDS} "nomor" {n}\nbaris dua', f"https://papan.example/{n}", f"{n + 10}/03/2026 14:30",
         f"0812-0000-43{n:02}", "12-18 juta", "Sihanoukville", "PT Contoh", n)
        for n in range(1, 9)
    ),
]  # fmt: skip


def table(rows: Any = ROWS, delimiter: str = ",", **more: Any) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, **more).writerows(rows)
    return stream.getvalue()


def plain(rows: Any) -> str:
    return "".join(",".join(row) + "\n" for row in rows)
