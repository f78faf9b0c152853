-- Secrets of webhooks in the trash, and webhooks that send nothing of a record that became private.

-- A project that is deleted takes the secrets of its webhooks to the trash. The owner of the tables restores and deletes
-- them; no login of a service reads or changes them there. The policy names no role, because a backup may be restored on a
-- server that has none.
CREATE POLICY no_secrets ON trash_rows AS RESTRICTIVE
    USING (table_name <> 'webhook_secrets') WITH CHECK (table_name <> 'webhook_secrets');
