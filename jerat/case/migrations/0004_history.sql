-- When somebody last looked whether a post that was not met is still there.
ALTER TABLE posts ADD COLUMN looked_at TEXT;

-- What became of a post besides its versions: gone, back again, moved to another address.
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
  at TEXT NOT NULL,
  what TEXT NOT NULL CHECK (what IN ('gone', 'back', 'moved')),
  reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX events_by_post ON events (post_id, id);

-- The ids that a post would have by its later addresses.
CREATE TABLE aliases (
  id TEXT PRIMARY KEY,
  post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_by_post ON aliases (post_id);

-- The findings in versions that are not the current one.
CREATE TABLE former_analyses (
  post_id TEXT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  analysis TEXT NOT NULL,
  PRIMARY KEY (post_id, version)
) STRICT, WITHOUT ROWID;

-- What a visit to a candidate brought, and the declared source that it became.
ALTER TABLE candidates ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
ALTER TABLE candidates ADD COLUMN source TEXT NOT NULL DEFAULT '';
