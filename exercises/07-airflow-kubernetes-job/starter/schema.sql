-- The platform applies this before the DAG is there; it is not part of what you hand in.

-- What the members are told: one row for each driver with a trip that counts on that day (UTC).
CREATE TABLE IF NOT EXISTS driving_score (
  score_date date         NOT NULL,
  driver_id  text         NOT NULL,
  score      numeric(5,2) NOT NULL,
  trips      integer      NOT NULL,
  -- Always true here: the stream is one source, and it is read to its end.
  complete   boolean      NOT NULL,
  PRIMARY KEY (score_date, driver_id)
);
