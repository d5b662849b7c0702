-- Definitions of subscriptions of topics, beside those of queues and topics and by the same rules; versions are of all together.

-- One row a subscription. A deleted topic's subscriptions go in the transaction that deletes it, without a word of their own.
CREATE TABLE messaging_subscription (
    account text COLLATE "C" NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    created_version bigint NOT NULL,
    version bigint NOT NULL UNIQUE,
    state text NOT NULL CHECK (state IN ('active', 'deleting')),
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    definition jsonb NOT NULL,
    PRIMARY KEY (account, namespace, topic, name),
    FOREIGN KEY (account, namespace, topic) REFERENCES messaging_topic (account, namespace, name) ON DELETE CASCADE
);

-- All, for who reads the catalog; of a subscription with its topic.
CREATE OR REPLACE VIEW messaging_definition AS
    SELECT 'queue' AS kind, account, namespace, name, created_version, version, state, created_at, modified_at, definition, NULL::text COLLATE "C" AS topic FROM messaging_queue
    UNION ALL
    SELECT 'topic' AS kind, account, namespace, name, created_version, version, state, created_at, modified_at, definition, NULL::text COLLATE "C" AS topic FROM messaging_topic
    UNION ALL
    SELECT 'subscription' AS kind, account, namespace, name, created_version, version, state, created_at, modified_at, definition, topic FROM messaging_subscription;
