"""How many posts a second each step of the pipeline reads: `python -m nlp.bench FILE` (a post a line) or with its own posts."""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from spacy.tokens import Doc

from nlp import load
from nlp.analyser import Analyser, Input
from nlp.context import Context
from nlp.normalise import normalise
from nlp.words import words

__all__ = ["POSTS", "Speed", "bench", "table"]

POSTS: Final = (
    "Dibutuhkan segera admin customer service untuk penempatan Kamboja, gaji 800-1500 USD per bulan, tiket dan visa "
    "ditanggung perusahaan, makan dan tempat tinggal gratis. Usia 18-35 tahun, bisa mengetik cepat, tidak perlu "
    "pengalaman. Hubungi WA +62 812-5550-0123 atau Telegram @contoh_hrd sekarang juga, kuota terbatas ya kak ✈️",
    "Our warehouse in Leeds is looking for two forklift drivers to join the night shift. You need a valid licence and at "
    "least one year of experience. We pay 13.50 an hour, paid breaks, free parking and a pension. Send your CV to "
    "jobs@example.com before Friday, or call the office between nine and five for a chat about the role.",
    "Tuyển nhân viên đánh máy làm việc tại Campuchia, lương 20 triệu một tháng, bao ăn ở, bao vé máy bay. Độ tuổi 18-35, "
    "nam nữ đều được, không cần kinh nghiệm, không cần bằng cấp. Liên hệ Zalo 0905 550 123 hoặc Telegram @vidu_tuyendung "
    "để được tư vấn. Đi ngay trong tuần, hỗ trợ ứng trước cho các bạn khó khăn nhé mọi người",
    "柬埔寨西港直招打字员，月薪8000-15000，包吃包住，包机票。年龄18-35岁，会打字就行，无需经验！工作轻松，环境好，有提成。"
    "联系飞机：@lizi_hr，微信：ｌｉｚｉ＿１２３。推荐朋友有奖励，名额有限，欢迎咨询，非诚勿扰，公司直招，安全可靠。",
    "รับสมัครงานแอดมินที่ปอยเปต เงินเดือน 25,000 บาท ที่พักฟรี อาหารฟรี ไม่ต้องมีประสบการณ์ อายุ 18-35 ปี พิมพ์ไว "
    "ใช้คอมพิวเตอร์ได้ มีรถรับส่งถึงที่ สนใจติดต่อไลน์ @tuayang1 หรือโทร 081 555 0123 รับจำนวนจำกัด เดินทางได้ทันที",
)
"""Invented posts of about 60 words, or as much in scripts without spaces: three lures, one ordinary offer, and one in Thai."""


class Speed(NamedTuple):
    """Posts a second of one step on one core, by the time of the processor."""

    step: str
    posts_per_second: float


def bench(posts: Sequence[str] = POSTS, analyser: Analyser | None = None, seconds: float = 1.0) -> list[Speed]:
    """The speed of each step and of the whole, each measured for about `seconds`, on all posts in turn."""
    made = analyser or load()
    texts = list(posts)

    def rate(step: Callable[[], object]) -> float:
        step()
        rounds = 0
        start = now = time.process_time()
        while now - start < seconds:
            step()
            rounds += 1
            now = time.process_time()
        return rounds * len(texts) / (now - start)

    found = [
        Speed("normalise", rate(lambda: [normalise(text) for text in texts])),
        Speed("words", rate(lambda: [words(text) for text in texts])),
        Speed("tokenise", rate(lambda: [made.nlp.tokenizer(text) for text in texts])),
    ]
    found += [Speed(name, 1 / cost) for name, cost in _components(made, texts, seconds)]
    inputs = [Input(text=text) for text in texts]
    found.append(Speed("whole", rate(lambda: list(made.pipe(inputs)))))
    return found


def _components(analyser: Analyser, texts: list[str], seconds: float) -> list[tuple[str, float]]:
    """(component, seconds a post), each component on contexts that those before it have read."""
    costs = dict.fromkeys(analyser.nlp.pipe_names, 0.0)
    read = 0
    start = time.process_time()
    while time.process_time() - start < seconds * 3:
        docs: list[Doc] = [analyser.nlp.tokenizer(text) for text in texts]
        for name, component in analyser.nlp.pipeline:
            begin = time.process_time()
            for doc in docs:
                component(doc)
            costs[name] += time.process_time() - begin
        read += len(docs)
        for doc in docs:
            context: Context = doc._.jerat
            context.release()
    return [(name, max(cost, 1e-9) / read) for name, cost in costs.items()]


def table(speeds: Sequence[Speed]) -> str:
    """The speeds as lines for people."""
    return "\n".join(f"{speed.step:<14}{speed.posts_per_second:>12,.0f} posts/s" for speed in speeds)


if __name__ == "__main__":
    given = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines() if len(sys.argv) > 1 else POSTS
    print(table(bench([line for line in given if line.strip()])))
