-- To which trace a reply or an intent belongs (W3C Trace Context), so that the bridge which takes it up goes on with it.
-- A process that records traces names the trace in its transactions; in all others this stays empty.
ALTER TABLE messages ADD COLUMN trace_parent text DEFAULT nullif(current_setting('resonant.trace', true), '');
ALTER TABLE intents ADD COLUMN trace_parent text DEFAULT nullif(current_setting('resonant.trace', true), '');
