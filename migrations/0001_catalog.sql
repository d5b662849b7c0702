-- The catalog: definitions of queues, and whose they are. Change definitions by the API: what changes a row without advancing the
-- version is not seen by the server that serves it.

-- One row. The version grows with every change of any definition. Each start of a server takes a new epoch, which shuts out older processes.
CREATE TABLE messaging_catalog (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    cluster_id uuid NOT NULL,
    version bigint NOT NULL CHECK (version >= 0),
    owner_node_id uuid NOT NULL,
    owner_epoch bigint NOT NULL CHECK (owner_epoch > 0)
);

-- One row a queue. created_version is its incarnation: a queue that was deleted and created again has a new one. A deleted queue's row
-- stays, as deleting, until the server has dropped its messages; they die by this word and never by a row's absence.
CREATE TABLE messaging_queue (
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
