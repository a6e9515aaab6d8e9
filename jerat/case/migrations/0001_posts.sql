-- A post, once, however often it was seen. `number` never changes and rises with arrival: paging is stable by it.
CREATE TABLE posts (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL,
  platform TEXT NOT NULL,
  url TEXT NOT NULL,
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;

-- What the post said, each time it said something else.
CREATE TABLE versions (
  post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  content TEXT NOT NULL,
  fetched_at TEXT NOT NULL,
  post TEXT NOT NULL,
  PRIMARY KEY (post_id, version)
) STRICT, WITHOUT ROWID;

-- The findings in the version that is current.
CREATE TABLE analyses (
  post_id TEXT NOT NULL PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  made_at TEXT NOT NULL,
  analysis TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What the search index has still to be told. A post stands here once; queued again, it moves to the end.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  post_id TEXT NOT NULL UNIQUE,
  queued_at TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT ''
) STRICT;

-- What could not be processed, with the reason, as it came.
CREATE TABLE dead_letters (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER,
  at TEXT NOT NULL,
  source TEXT NOT NULL,
  url TEXT NOT NULL,
  step TEXT NOT NULL,
  reason TEXT NOT NULL,
  item TEXT NOT NULL
) STRICT;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,
  kind TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  status TEXT NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'ok', 'failed')),
  reason TEXT NOT NULL DEFAULT '',
  pages INTEGER NOT NULL DEFAULT 0,
  posts_new INTEGER NOT NULL DEFAULT 0,
  posts_changed INTEGER NOT NULL DEFAULT 0,
  posts_same INTEGER NOT NULL DEFAULT 0,
  dead INTEGER NOT NULL DEFAULT 0,
  errors INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX runs_by_source ON runs (source, id);
