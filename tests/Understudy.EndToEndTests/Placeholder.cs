namespace Understudy.EndToEndTests;
