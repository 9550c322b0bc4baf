# Runs in Airflow's container: makes the tables of its metadata database, then runs its four parts until one ends.
set -eu
airflow db migrate
for part in api-server scheduler dag-processor triggerer; do
  airflow $part &
done
wait -n
echo "One of Airflow's parts has ended with code $?." >&2
exit 70
