-- The platform applies this before the program starts; it is not part of what you hand in.
CREATE TABLE IF NOT EXISTS trips (
  trip_id            uuid        PRIMARY KEY,
  vehicle_id         text        NOT NULL,
  driver_id          text        NOT NULL,
  started_at         timestamptz NOT NULL,
  ended_at           timestamptz,
  distance_km        numeric     NOT NULL,
  max_speed_kmh      numeric     NOT NULL,
  hard_brakes        integer     NOT NULL,
  hard_accelerations integer     NOT NULL,
  status             text        NOT NULL,
  -- Of the event that the row shows: the newest one wins.
  event_time         timestamptz NOT NULL,
  event_id           uuid        NOT NULL
);
