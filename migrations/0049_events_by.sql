-- Up Migration
-- The history of one actor is found by its index, also where few of its events are of the type that is asked for.
CREATE INDEX events_by ON events (company_id, source_name, id DESC, event_type);
