-- Up Migration
-- What an agent's run had read from outside when it stated a figure goes with the figure to whoever reads it. And a figure that its agent has
-- stated otherwise since is no longer its word: `withdrawn_by` is the later claim. A contradiction lasts until one side has withdrawn its.
ALTER TABLE claims ADD COLUMN taint text, ADD COLUMN withdrawn_by uuid;
GRANT UPDATE (withdrawn_by) ON claims TO aito_app;
