-- name: insert_embedding_model(name, dimension)!
-- The first model is active at once. Of two processes that insert the first one at the same time, one inserts nothing. A later one is activated when everything is embedded with it.
INSERT INTO embedding_models (name, dimension, active)
SELECT :name, :dimension, NOT EXISTS (SELECT 1 FROM embedding_models)
ON CONFLICT DO NOTHING;

-- name: find_embedding_model(name)^
SELECT {columns:EmbeddingModelRow} FROM embedding_models WHERE name = :name;

-- name: find_active_embedding_model()^
SELECT {columns:EmbeddingModelRow} FROM embedding_models WHERE active;

-- name: is_index_needed(rows)$
-- Whether a user has too many entries for an exact search.
SELECT EXISTS (SELECT FROM search_statistics WHERE documents > :rows);

-- name: deactivate_embedding_models()!
UPDATE embedding_models SET active = false WHERE active;

-- name: activate_embedding_model(id)!
UPDATE embedding_models SET active = true WHERE id = :id;

-- name: delete_embedding_models_but(id)
-- All other models, and with them their vectors.
DELETE FROM embedding_models WHERE id <> :id RETURNING id;

-- name: create_model_index(model_id)!
SELECT create_model_index(:model_id::smallint);

-- name: drop_model_index(model_id)!
SELECT drop_model_index(:model_id::smallint);
