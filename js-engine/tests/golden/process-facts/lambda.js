function lambda(input, callback) {
  const refused = ["exit", "abort", "chdir"].map((name) => {
    try {
      process[name]("/");
    } catch (error) {
      return error.message;
    }
  });
  const [seconds, nanoseconds] = process.hrtime();
  callback(null, [process.version, process.platform, process.cwd(), Array.isArray(process.argv), refused, seconds, typeof nanoseconds, typeof process.hrtime.bigint(), process.uptime() >= 0, process.memoryUsage().heapUsed > 0, String(process), performance.now() >= 0, performance.timeOrigin]);
}
