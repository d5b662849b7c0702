-- Definitions of topics, beside those of queues and by the same rules; versions are of both together.

-- One row a topic. Its streams are not told here: they are the affair of the data folder, which makes new ones where it has none.
CREATE TABLE messaging_topic (
    account text COLLATE "C" NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    created_version bigint NOT NULL,
    version bigint NOT NULL UNIQUE,
    state text NOT NULL CHECK (state IN ('active', 'deleting')),
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    definition jsonb NOT NULL,
    PRIMARY KEY (account, namespace, name)
);

-- Both, for who reads the catalog.
CREATE VIEW messaging_definition AS
    SELECT 'queue' AS kind, account, namespace, name, created_version, version, state, created_at, modified_at, definition FROM messaging_queue
    UNION ALL
    SELECT 'topic' AS kind, account, namespace, name, created_version, version, state, created_at, modified_at, definition FROM messaging_topic;
