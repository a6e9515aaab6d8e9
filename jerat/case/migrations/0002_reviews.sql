-- What people decided on posts. A row is never changed: a later one supersedes it, and the former stays as the history.
-- `decision` is empty where a row is only about the restriction, and `none` takes a decision back; `restricted` is NULL
-- where a row leaves it alone, and `auto` leaves it to the kind of the post again.
CREATE TABLE reviews (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
  at TEXT NOT NULL,
  by TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('', 'lure', 'not', 'unsure', 'none')),
  restricted TEXT CHECK (restricted IN ('yes', 'no', 'auto')),
  note TEXT NOT NULL
) STRICT;
CREATE INDEX reviews_by_post ON reviews (post_id, id);
