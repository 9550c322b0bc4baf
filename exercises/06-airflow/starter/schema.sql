-- The platform applies this before the DAG is there; it is not part of what you hand in.

-- What the members are told: one row for each driver with a trip that counts on that day (UTC).
CREATE TABLE IF NOT EXISTS driving_score (
  score_date date         NOT NULL,
  driver_id  text         NOT NULL,
  score      numeric(5,2) NOT NULL,
  trips      integer      NOT NULL,
  -- Whether all sources of the day were there. The same in all rows of a day.
  complete   boolean      NOT NULL,
  PRIMARY KEY (score_date, driver_id)
);

-- The lines of the day's files that could not be read, and why.
CREATE TABLE IF NOT EXISTS rejected_line (
  score_date  date    NOT NULL,
  source      text    NOT NULL,
  -- From 1.
  line_number integer NOT NULL,
  reason      text    NOT NULL,
  line        text    NOT NULL,
  PRIMARY KEY (score_date, source, line_number)
);
