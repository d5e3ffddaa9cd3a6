#!/bin/sh
# Writes an ahead-of-time cache of the classes that real echo traffic needs, and the options that load it.
# Runs in the image build, because only the very same JRE can load the cache. Before JDK 25 it writes no options.
# usage: train.sh DIRECTORY JVM-OPTION...
set -eu
cache=$1
shift

# Only what the shell itself can do: the base may have no other program.
version=0
while IFS='=' read -r key value; do
  if [ "$key" = JAVA_VERSION ]; then
    value=${value#\"}
    version=${value%%[!0-9]*}
  fi
done <"$JAVA_HOME/release"
if [ "$version" -lt 25 ]; then
  echo "JDK $version: no ahead-of-time cache, that needs JDK 25 or newer"
  exit 0
fi

side=http://127.0.0.1:8080
check() { java -jar quarkus-run.jar check --timeout 20s "$@"; }

# The cache is assembled in the metaspace, which needs more there than the service does.
java "$@" -XX:MaxMetaspaceSize=256m -XX:AOTCacheOutput="$cache/tcp-echo.aot" -Xlog:aot=error \
  -Decho.listeners.stream.mode=stream -Decho.listeners.stream.port=8889 -Decho.drain-timeout=1S \
  -Decho.max-connections=100 -Decho.listeners.stream.max-connections=100 \
  -jar quarkus-run.jar &
service=$!

tries=0
until check --health $side/q/health/ready; do
  tries=$((tries + 1))
  if [ $tries -ge 60 ] || ! kill -0 $service; then
    echo "the service did not become ready: no cache"
    exit 1
  fi
done
check --health $side/q/health/started
check --health $side/q/health/live
for round in first second third; do
  echo "$round round"
  check --echo 127.0.0.1:8888 --mode once --report $side/socket-options
  check --echo 127.0.0.1:8889 --mode stream --bytes 4194304
  check --health $side/q/metrics
done

kill -TERM $service
code=0
wait $service || code=$?
if [ $code -ne 143 ] || [ ! -s "$cache/tcp-echo.aot" ]; then
  echo "the service ended with $code and left no cache"
  exit 1
fi
echo "-XX:AOTCache=$cache/tcp-echo.aot" >"$cache/jvm.options"
