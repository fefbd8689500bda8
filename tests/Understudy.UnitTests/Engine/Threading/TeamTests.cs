using Understudy.Engine.Threading;

namespace Understudy.UnitTests.Engine.Threading;

public class TeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_chunk_runs_exactly_once(int threads)
    {
        using var team = new Team(threads);
        for (var chunks = 0; chunks < 40; chunks++)
        {
            var counts = new int[chunks];

            team.Run(chunks, chunk => Interlocked.Increment(ref counts[chunk]));

            Assert.All(counts, count => Assert.Equal(1, count));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Many_small_jobs_lose_no_chunk(int threads)
    {
        using var team = new Team(threads);
        var total = 0L;

        for (var job = 0; job < 20_000; job++)
            team.Run(3, chunk => Interlocked.Add(ref total, chunk + 1));

        Assert.Equal(20_000L * 6, total);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_exception_of_the_lowest_chunk_reaches_the_caller_after_all_chunks_ran(int threads)
    {
        using var team = new Team(threads);
        var ran = 0;

        var error = Assert.Throws<InvalidOperationException>(() => team.Run(20, chunk =>
        {
            Interlocked.Increment(ref ran);
            if (chunk % 7 == 3)
                throw new InvalidOperationException($"chunk {chunk}");
        }));

        Assert.Equal("chunk 3", error.Message);
        Assert.Equal(20, ran);
        team.Run(2, _ => Interlocked.Increment(ref ran));
        Assert.Equal(22, ran);
    }

    [Fact]
    public void A_job_inside_a_chunk_runs_on_the_thread_of_the_chunk()
    {
        using var team = new Team(2);
        var strangers = 0;

        team.Run(8, _ =>
        {
            var thread = Environment.CurrentManagedThreadId;
            team.Run(4, _ => Interlocked.Add(ref strangers, Environment.CurrentManagedThreadId == thread ? 0 : 1));
        });

        Assert.Equal(0, strangers);
    }

    [Fact]
    public void A_job_after_the_workers_fell_asleep_still_runs()
    {
        using var team = new Team(3);
        var total = 0;
        for (var pause = 0; pause < 20; pause++)
        {
            Thread.SpinWait(200_000);

            team.Run(5, _ => Interlocked.Increment(ref total));
        }

        Assert.Equal(100, total);
    }

    [Fact]
    public unsafe void Running_a_job_allocates_nothing()
    {
        using var team = new Team(2);
        var counts = stackalloc int[4];
        team.Run(4, &Count, counts);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var job = 0; job < 200; job++)
            team.Run(4, &Count, counts);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(201, counts[3]);
    }

    [Fact]
    public void A_disposed_team_refuses_work()
    {
        var team = new Team(2);
        team.Dispose();
        team.Dispose();

        Assert.Throws<ObjectDisposedException>(() => team.Run(1, _ => { }));
    }

    private static unsafe void Count(void* counts, int chunk) => ((int*)counts)[chunk]++;
}
