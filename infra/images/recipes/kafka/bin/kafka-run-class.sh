#!/bin/sh
# kafka-run-class.sh CLASS [ARGUMENT…]: runs a class of the distribution with the options that the KAFKA_ variables hold.
home=/opt/kafka
: "${KAFKA_HEAP_OPTS=-Xmx256M}"
: "${KAFKA_LOG4J_OPTS=-Dlog4j2.configurationFile=$home/config/tools-log4j2.yaml}"
: "${KAFKA_JVM_PERFORMANCE_OPTS=-server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 -Djava.awt.headless=true}"
# Named one by one and in the order of their names: a class data archive holds for the class path that it was made with.
for jar in "$home"/libs/*.jar; do classpath=${classpath:+$classpath:}$jar; done
# The options are lists of words.
# shellcheck disable=SC2086
exec "$JAVA_HOME/bin/java" $KAFKA_HEAP_OPTS $KAFKA_JVM_PERFORMANCE_OPTS $KAFKA_GC_LOG_OPTS $KAFKA_JMX_OPTS \
  -Dkafka.logs.dir="${LOG_DIR:-$home/logs}" $KAFKA_LOG4J_OPTS -cp "${CLASSPATH:+$CLASSPATH:}$classpath" $KAFKA_OPTS "$@"
