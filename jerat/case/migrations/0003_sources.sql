-- What a run was asked for, and what it found; `beat_at` moves while it runs, so that a run whose process was killed shows.
ALTER TABLE runs ADD COLUMN target TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN risky INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN beat_at TEXT;

-- When the post was found to be no longer there; NULL while it is, or where nobody has looked.
ALTER TABLE posts ADD COLUMN gone_at TEXT;
CREATE INDEX posts_by_source ON posts (source, last_seen);
CREATE INDEX posts_by_url ON posts (url);

-- Channels, groups and pages that posts name: where one could look next.
CREATE TABLE candidates (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  address TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  first_seen TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'accepted', 'rejected')),
  reason TEXT NOT NULL DEFAULT '',
  by TEXT NOT NULL DEFAULT '',
  decided_at TEXT,
  visited_at TEXT
) STRICT;

-- Which posts name a candidate: its rank follows from their risk.
CREATE TABLE mentions (
  candidate_id INTEGER NOT NULL REFERENCES candidates (id) ON DELETE CASCADE,
  post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
  PRIMARY KEY (candidate_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_by_post ON mentions (post_id);

-- The pictures of posts: what was fetched from an address, or why it was not. The files are in `evidence/images/`.
CREATE TABLE images (
  post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
  url TEXT NOT NULL,
  sha256 TEXT NOT NULL DEFAULT '',
  type TEXT NOT NULL DEFAULT '',
  bytes INTEGER NOT NULL DEFAULT 0,
  fetched_at TEXT NOT NULL,
  problem TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (post_id, url)
) STRICT, WITHOUT ROWID;
