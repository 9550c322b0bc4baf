#!/bin/bash
# Makes the archives of loaded classes that `launch` starts with: one of the set-up, one of a broker that has had a
# topic, a producer, a group, and their end.
set -o nounset -o errexit
cd /opt/kafka/bin
export CLUSTER_ID=5L6g3nShT-eMCtK--X86sw KAFKA_HEAP_OPTS=-Xmx256m
common='-XX:+UseSerialGC -XX:TieredStopAtLevel=1'
KAFKA_JVM_PERFORMANCE_OPTS="$common -XX:ArchiveClassesAtExit=/opt/kafka/storage.jsa" \
  ./kafka-run-class.sh kafka.docker.KafkaDockerWrapper setup \
  --default-configs-dir /etc/kafka/docker --mounted-configs-dir /mnt/shared/config --final-configs-dir /opt/kafka/config
KAFKA_JVM_PERFORMANCE_OPTS="$common -XX:ArchiveClassesAtExit=/opt/kafka/kafka.jsa" \
  ./kafka-server-start.sh /opt/kafka/config/server.properties > /tmp/broker.log 2>&1 &
broker=$!
trap 'tail -n 50 /tmp/broker.log >&2' ERR
export KAFKA_JVM_PERFORMANCE_OPTS="$common"
# These wait for the broker themselves.
./kafka-topics.sh --bootstrap-server localhost:9092 --create --topic archive --partitions 3
echo one | ./kafka-console-producer.sh --bootstrap-server localhost:9092 --topic archive
./kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic archive --group archive --from-beginning \
  --max-messages 1 --timeout-ms 30000
kill "$broker"
# 143: ended by the signal, as it was told.
wait "$broker" || [ $? = 143 ]
ls -l /opt/kafka/storage.jsa /opt/kafka/kafka.jsa
