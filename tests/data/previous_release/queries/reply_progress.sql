-- name: find_reply_progress(user_id, id)^
-- A bridge that holds a stopped reply still writes its last words, unless its lease has run out.
SELECT content, status, fence, claimed_by IS NOT NULL AND lease_until > now() AS held
FROM messages WHERE user_id = :user_id AND id = :id;
