using BenchmarkDotNet.Running;

// One question per class: dotnet run -c Release --project bench/Understudy.Benchmarks -- --filter '*Products*'
// The speed of this machine relative to its peak is another matter: understudy bench engine
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
